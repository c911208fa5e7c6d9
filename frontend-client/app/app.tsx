import { lazy, Suspense } from "react";
import { BoardView } from "./board/board-view.tsx";
import { ErrorBoundary } from "./shared/error-boundary.tsx";
import { Notices } from "./shared/notices.tsx";
import { OpenBoard } from "./shared/open-board.tsx";
import { OpenSession } from "./shared/open-session.tsx";
import { useUrlState, type View as ViewName } from "./shared/url-state.ts";
import { TvBoundary } from "./tv/tv-boundary.tsx";

const ServicesPage = lazy(async () => ({ default: (await import("./services/services-page.tsx")).ServicesPage }));
const DevicesPage = lazy(async () => ({ default: (await import("./devices/devices-page.tsx")).DevicesPage }));
const PairPage = lazy(async () => ({ default: (await import("./pair/pair-page.tsx")).PairPage }));
const TvView = lazy(async () => ({ default: (await import("./tv/tv-view.tsx")).TvView }));

/** The page: who is signed in, then the view that the address names. */
export function App() {
  const { view } = useUrlState();
  if (window.location.pathname === "/pair")
    return (
      <Suspense>
        <PairPage />
      </Suspense>
    );
  return (
    <OpenSession>
      <ErrorBoundary key={view}>
        <Suspense>
          <View view={view} />
        </Suspense>
      </ErrorBoundary>
      {view !== "tv" && <Notices />}
    </OpenSession>
  );
}

function View({ view }: { view: ViewName }) {
  if (view === "tv")
    return (
      <TvBoundary>
        <TvView />
      </TvBoundary>
    );
  if (view === "services") return <ServicesPage />;
  if (view === "devices") return <DevicesPage />;
  return (
    <OpenBoard>
      <BoardView />
    </OpenBoard>
  );
}
