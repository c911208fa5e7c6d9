/** A file that is served as it is. `headers` go on top of those of every answer. */
export interface StaticFile {
  contentType: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  /** Default 200. */
  status?: number;
}

/** A set of files that a root serves beside the API, such as the page's. */
export interface FileSource {
  /** What the log calls a request for one of them. */
  routeId: string;
  /** Whether a path is this set's to answer, whatever stands there. */
  owns: (path: string) => boolean;
  /** The file at a path, in a form that `acceptEncoding` (the header of that name) allows; undefined where there is none. */
  read: (path: string, acceptEncoding: string) => Promise<StaticFile | undefined>;
}
