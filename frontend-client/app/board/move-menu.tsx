import { Menu } from "@base-ui/react/menu";
import { isCorrection, type Role, type Status, targetsOf } from "@status-board/contracts";
import type { Target } from "../../types.ts";
import styles from "../shared/anchored-menu.module.css";
import { AnchoredMenu } from "../shared/anchored-menu.tsx";
import { Icon } from "../shared/icon.tsx";
import { columnTitles, stepWords } from "../shared/status-words.ts";
import { findCard, findMoveButton } from "./card-elements.ts";
import { placeOf, targetFor } from "./place.ts";
import { cardName, type ShownColumns } from "./shown-card.ts";

interface MoveMenuProps {
  id: string;
  anchor: HTMLElement;
  columns: ShownColumns;
  role: Role;
  onMove: (id: string, target: Target) => void;
  onClose: () => void;
}

/** The steps that a card may take, as a menu beside it; on a phone as a sheet at the bottom. */
export function MoveMenu({ id, anchor, columns, role, onMove, onClose }: MoveMenuProps) {
  const place = placeOf(columns, id);
  const card = place && columns[place.status][place.index];
  if (place === undefined || card === undefined) return null;
  const { status, index } = place;
  const up = index > 0 ? targetFor(columns, id, { status, index: index - 1 }) : undefined;
  const down = index < columns[status].length - 1 ? targetFor(columns, id, { status, index: index + 1 }) : undefined;
  // The card may stand elsewhere by then, and so does its button.
  const finalFocus = () => findCard(id) ?? findMoveButton(id);
  return (
    <AnchoredMenu
      label={`Move ${cardName(card)}`}
      anchor={anchor}
      container={anchor.closest("main")}
      finalFocus={finalFocus}
      onClose={onClose}
    >
      <Menu.Group>
        <Menu.GroupLabel className={styles.label}>Move {card.customer.name} to</Menu.GroupLabel>
        {targetsOf(status, role).map((to) => (
          <Step key={to} from={status} to={to} onStep={() => onMove(id, { newStatus: to })} />
        ))}
      </Menu.Group>
      {(up ?? down) && (
        <Menu.Group>
          <Menu.GroupLabel className={styles.label}>Within {columnTitles[status]}</Menu.GroupLabel>
          {up && (
            <Menu.Item className={styles.item} onClick={() => onMove(id, up)}>
              Up
            </Menu.Item>
          )}
          {down && (
            <Menu.Item className={styles.item} onClick={() => onMove(id, down)}>
              Down
            </Menu.Item>
          )}
        </Menu.Group>
      )}
    </AnchoredMenu>
  );
}

function Step({ from, to, onStep }: { from: Status; to: Status; onStep: () => void }) {
  const isBack = isCorrection(from, to);
  return (
    <Menu.Item className={styles.item} data-status={to} onClick={onStep}>
      <Icon name={isBack ? "undo" : "move"} size={18} />
      <span className={styles.step}>{columnTitles[to]}</span>
      <span className={styles.hint} aria-hidden="true">
        {isBack ? "a step back" : stepWords[to]}
      </span>
    </Menu.Item>
  );
}
