export function freshBundle(directory?: string): string | undefined;
