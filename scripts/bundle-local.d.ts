export function bundleLocal(directory: string): Promise<void>;
