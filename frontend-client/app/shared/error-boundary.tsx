import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { Trouble } from "./trouble.tsx";

/** What stands around a view, so that a fault of ours never leaves a white page. React wants a class for it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { message?: string }> {
  override state: { message?: string } = {};

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === undefined) return this.props.children;
    return (
      <main>
        <h1 className="visually-hidden">Status board</h1>
        <Trouble words="This page failed. What was saved before is safe." detail={this.state.message}>
          <Button kind="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </Trouble>
      </main>
    );
  }
}
