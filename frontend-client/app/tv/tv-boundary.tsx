import { Component, type ReactNode } from "react";
import { Trouble } from "../shared/trouble.tsx";
import { useReloadWhenStuck } from "./use-renewal.ts";

function Failed() {
  useReloadWhenStuck(true);
  return <Trouble words="This screen failed. It starts again by itself." />;
}

/**
 * What stands around the screen, and around the loading of its code: nobody is there to press a button, so it mends
 * itself. React wants a class for it.
 */
export class TvBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <Failed /> : this.props.children;
  }
}
