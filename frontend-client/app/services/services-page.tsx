import { limits, type Service } from "@status-board/contracts";
import { useEffect, useRef, useState } from "react";
import { Button } from "../shared/button.tsx";
import { Icon } from "../shared/icon.tsx";
import listStyles from "../shared/list.module.css";
import { may } from "../shared/may.ts";
import { notify } from "../shared/notice-list.ts";
import { OldList } from "../shared/old-list.tsx";
import { PageFrame } from "../shared/page-frame.tsx";
import { useSession } from "../shared/session.ts";
import { Trouble } from "../shared/trouble.tsx";
import { DeleteService } from "./delete-service.tsx";
import { ServiceRow } from "./service-row.tsx";
import { EditService, NewService } from "./service-sheet.tsx";
import styles from "./services-page.module.css";
import { useRetire } from "./use-retire.ts";
import { type ListedServices, useServices } from "./use-services.ts";

/** What the shop offers, for everybody on its staff to look up and for managers to change. */
export function ServicesPage() {
  const { role } = useSession().me;
  return (
    <PageFrame title="Services">
      {may.readDetails(role) ? <Services /> : <Trouble words="The list of services is for the shop's staff." />}
    </PageFrame>
  );
}

/** What is open above the list. */
type Opened = { kind: "new" } | { kind: "edit"; service: Service } | { kind: "delete"; service: Service };

const offers = [
  { label: "On offer", active: true },
  { label: "Retired", active: false },
  { label: "All", active: undefined },
] as const;

function Services() {
  const { role } = useSession().me;
  const [search, setSearch] = useState("");
  const [active, setActive] = useState<boolean | undefined>(true);
  const [opened, setOpened] = useState<Opened>();
  const list = useServices({ search, active });
  const retire = useRetire(list);
  const searchField = useRef<HTMLInputElement>(null);
  const shown = useRef(0);
  const mayEdit = may.editServices(role);
  const close = () => setOpened(undefined);
  const count = list.items?.length ?? 0;
  useEffect(() => {
    // A row that left the list takes the focus with it; the keyboard goes on from the top.
    if (count < shown.current && document.activeElement === document.body) searchField.current?.focus();
    shown.current = count;
  }, [count]);
  const actions = {
    edit: (service: Service) => setOpened({ kind: "edit", service }),
    remove: (service: Service) => setOpened({ kind: "delete", service }),
    setActive: retire,
  };
  return (
    <>
      <search className={listStyles.tools}>
        <div className={styles.search}>
          <Icon name="search" />
          <input
            ref={searchField}
            type="search"
            aria-label="Search services"
            placeholder="Search by code, name or description"
            maxLength={limits.searchMaxCharacters}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </div>
        <fieldset className={styles.offers}>
          <legend className="visually-hidden">Which services</legend>
          {offers.map((offer) => (
            <label key={offer.label} className={styles.offer}>
              <input
                type="radio"
                name="offer"
                checked={active === offer.active}
                onChange={() => setActive(offer.active)}
              />
              <span>{offer.label}</span>
            </label>
          ))}
        </fieldset>
        {mayEdit && (
          <Button kind="primary" onClick={() => setOpened({ kind: "new" })}>
            <Icon name="plus" /> New service
          </Button>
        )}
      </search>
      <Listed
        list={list}
        onClear={() => setSearch("")}
        onAdd={mayEdit ? () => setOpened({ kind: "new" }) : undefined}
        actions={mayEdit ? actions : undefined}
      />
      {opened?.kind === "new" && (
        <NewService
          onClose={close}
          onSaved={({ name }) => {
            list.reload();
            notify({ words: `${name} is on offer.`, tone: "good" });
          }}
        />
      )}
      {opened?.kind === "edit" && (
        <EditService
          service={opened.service}
          put={list.put}
          onClose={close}
          onSaved={(service) => {
            list.put(service);
            notify({ words: `${service.name} is saved.`, tone: "good" });
          }}
        />
      )}
      {opened?.kind === "delete" && (
        <DeleteService service={opened.service} list={list} onClose={close} finalFocus={() => searchField.current} />
      )}
    </>
  );
}

interface ListedProps {
  list: ListedServices;
  onClear: () => void;
  onAdd: (() => void) | undefined;
  actions: Parameters<typeof ServiceRow>[0]["actions"];
}

function Listed({ list, onClear, onAdd, actions }: ListedProps) {
  const { items, total, hasMore, isBusy, error, showMore, reload } = list;
  if (items === undefined)
    return error === undefined ? (
      <p role="status" className={styles.quiet}>
        Fetching the services.
      </p>
    ) : (
      <Trouble error={error}>
        <Button kind="primary" onClick={reload}>
          Try now
        </Button>
      </Trouble>
    );
  return (
    <>
      {error && <OldList error={error} reload={reload} />}
      <p role="status" className={styles.quiet}>
        {isBusy ? "Looking." : countWords(items.length, total)}
      </p>
      {items.length === 0 && !isBusy && <Nothing query={list.query} onClear={onClear} onAdd={onAdd} />}
      {items.length > 0 && (
        <ul className={listStyles.list} aria-label="Services" aria-busy={isBusy}>
          {items.map((service) => (
            <ServiceRow key={service.id} service={service} actions={actions} />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button onClick={showMore} disabled={isBusy} className={styles.more}>
          Show more
        </Button>
      )}
    </>
  );
}

function countWords(shown: number, total: number): string {
  if (total === 0) return "";
  const all = `${total} service${total === 1 ? "" : "s"}`;
  return shown < total ? `${shown} of ${all}` : all;
}

interface NothingProps {
  query: ListedServices["query"];
  onClear: () => void;
  onAdd: (() => void) | undefined;
}

function Nothing({ query: { search, active }, onClear, onAdd }: NothingProps) {
  if (search !== "")
    return (
      <div className={listStyles.nothing}>
        <p>Nothing matches '{search}'.</p>
        <Button onClick={onClear}>Clear search</Button>
      </div>
    );
  if (active === false)
    return (
      <div className={listStyles.nothing}>
        <p>No service is retired.</p>
      </div>
    );
  return (
    <div className={listStyles.nothing}>
      <p>No services yet.</p>
      {onAdd && (
        <Button kind="primary" onClick={onAdd}>
          Add the first service
        </Button>
      )}
    </div>
  );
}
