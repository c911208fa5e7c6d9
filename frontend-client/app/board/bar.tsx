import { memo, type ReactNode } from "react";
import { useBoard } from "../shared/board.ts";
import { Button, buttonClass, IconButton } from "../shared/button.tsx";
import { Icon } from "../shared/icon.tsx";
import { may } from "../shared/may.ts";
import { useSession } from "../shared/session.ts";
import { navigate, urlWith, useUrlState } from "../shared/url-state.ts";
import { AccountMenu } from "./account-menu.tsx";
import styles from "./bar.module.css";
import { Connection } from "./connection.tsx";
import { DayNav } from "./day-nav.tsx";
import { Figures } from "./figures.tsx";
import { techniciansOn } from "./filter.ts";
import { SearchField } from "./search-field.tsx";

interface BarProps {
  /** The minute that has begun, in ms since 1970. */
  minute: number;
  onShowKeys: () => void;
}

/** Above the columns: which day, what of it, the day in figures, and whether it can be relied on. */
export const Bar = memo(function Bar({ minute, onShowKeys }: BarProps) {
  const { date, today, state } = useBoard();
  const { me } = useSession();
  const { shop, role } = me;
  return (
    <header className={styles.bar}>
      <DayNav date={date} today={today} shop={shop} />
      {state.board && (
        <Figures
          date={date}
          columns={state.board.columns}
          minute={minute}
          shop={shop}
          hasMoney={may.readDetails(role)}
        />
      )}
      <Connection />
      <div className={styles.tools}>
        <SearchField />
        <TechnicianFilter />
        {may.readDetails(role) && (
          <ViewLink view="services" label="Services">
            <Icon name="services" />
          </ViewLink>
        )}
        {may.pairDevices(role) && (
          <ViewLink view="devices" label="Devices">
            <Icon name="devices" />
          </ViewLink>
        )}
        <ViewLink view="tv" label="TV view">
          <Icon name="tv" />
        </ViewLink>
        <IconButton icon="keyboard" label="Keys" className={styles.keys} onClick={onShowKeys} />
        <AccountMenu />
        {may.writeCards(role) && (
          <Button
            kind="primary"
            aria-label="New appointment"
            className={styles.new}
            onClick={() => navigate({ isNew: true, appointment: undefined })}
          >
            <Icon name="plus" />
            <span>New</span>
          </Button>
        )}
      </div>
    </header>
  );
});

function TechnicianFilter() {
  const { state } = useBoard();
  const { technicians } = useSession();
  const { technician = "" } = useUrlState();
  const choices = techniciansOn(state.board?.columns, technicians);
  if (choices.length === 0 && technician === "") return null;
  return (
    <select
      aria-label="Technician"
      className={styles.technician}
      value={technician}
      onChange={({ target }) => navigate({ technician: target.value === "" ? undefined : target.value })}
    >
      <option value="">Everybody</option>
      {choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {technician !== "" && !choices.some(({ id }) => id === technician) && (
        <option value={technician}>Somebody else</option>
      )}
    </select>
  );
}

interface ViewLinkProps {
  view: "services" | "devices" | "tv";
  label: string;
  children: ReactNode;
}

/** A link to another view, which can be opened in a tab of its own. */
function ViewLink({ view, label, children }: ViewLinkProps) {
  const change = { view, appointment: undefined, isNew: false } as const;
  return (
    <a
      href={urlWith(change)}
      aria-label={label}
      title={label}
      data-view={view}
      className={buttonClass("quiet", styles.link)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigate(change);
      }}
    >
      {children}
    </a>
  );
}
