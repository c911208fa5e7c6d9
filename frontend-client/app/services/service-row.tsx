import { Menu } from "@base-ui/react/menu";
import type { Service } from "@status-board/contracts";
import { useRef } from "react";
import { Button, buttonClass } from "../shared/button.tsx";
import { minutesInWords, money } from "../shared/format.ts";
import { Icon } from "../shared/icon.tsx";
import listStyles from "../shared/list.module.css";
import { useSession } from "../shared/session.ts";
import styles from "./service-row.module.css";

export interface ServiceActions {
  edit: (service: Service) => void;
  /** Takes it off the offer, or puts it back. */
  setActive: (service: Service, active: boolean) => void;
  remove: (service: Service) => void;
}

/** One service of the list; without `actions` it can only be read. */
export function ServiceRow({ service, actions }: { service: Service; actions: ServiceActions | undefined }) {
  const { shop } = useSession().me;
  const { code, name, priceCents, minutes, description, active } = service;
  return (
    <li className={`${listStyles.row} ${styles.row}`} data-retired={!active || undefined}>
      <div className={listStyles.what}>
        <h2 className={listStyles.name}>{name}</h2>
        <p className={styles.quiet}>
          <span className={styles.code}>{code}</span> · {minutesInWords(minutes)}
          {!active && <span className={styles.retired}>retired</span>}
        </p>
        {description && <p className={styles.description}>{description}</p>}
      </div>
      <p className={styles.price}>{money(priceCents, shop)}</p>
      {actions && <RowActions service={service} actions={actions} />}
    </li>
  );
}

function RowActions({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { name, active } = service;
  const root = useRef<HTMLDivElement>(null);
  return (
    <div ref={root} className={listStyles.actions}>
      <Button aria-label={`Edit ${name}`} onClick={() => actions.edit(service)}>
        <Icon name="edit" /> Edit
      </Button>
      <Menu.Root>
        <Menu.Trigger className={buttonClass()} aria-label={`More for ${name}`}>
          More <Icon name="down" size={16} />
        </Menu.Trigger>
        <Menu.Portal container={root}>
          <Menu.Positioner className={styles.positioner} align="end" sideOffset={4}>
            <Menu.Popup className={styles.popup}>
              <Menu.Item className={styles.item} onClick={() => actions.setActive(service, !active)}>
                <Icon name={active ? "close" : "undo"} /> {active ? "Retire" : "Restore"}
              </Menu.Item>
              <Menu.Item className={styles.item} onClick={() => actions.remove(service)}>
                <Icon name="trash" /> Delete
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}
