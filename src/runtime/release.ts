import packageJson from "../../package.json" with { type: "json" };

/** The version of this build, as health, headers and logs name it. */
export const release: string = packageJson.version;
