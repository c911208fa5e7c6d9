import { limits } from "@status-board/contracts";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../shared/icon.tsx";
import { navigate, useUrlState } from "../shared/url-state.ts";
import styles from "./bar.module.css";

export const searchFieldId = "search";
/** Browsers refuse an address that changes with every letter for long. */
const pauseMs = 120;

/** Finds cards by any words on them. What is typed stands in the address a moment later. */
export function SearchField() {
  const { search = "" } = useUrlState();
  const [text, setText] = useState(search);
  const sent = useRef(search);

  useEffect(() => {
    if (search === sent.current) return;
    sent.current = search;
    setText(search);
  }, [search]);

  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      navigate({ search: text === "" ? undefined : text }, { replace: true });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <label className={styles.search}>
      <Icon name="search" />
      <input
        id={searchFieldId}
        type="search"
        aria-label="Search"
        placeholder="Search"
        maxLength={limits.searchMaxCharacters}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key !== "Escape") return;
          if (text === "") currentTarget.blur();
          setText("");
        }}
      />
    </label>
  );
}
