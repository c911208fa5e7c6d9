import { limits, type Role } from "@status-board/contracts";
import type { Principal } from "./principal.ts";

/** Which machines may ask, and for which shop. */
export interface MachineSettings {
  /** By the ARN of an IAM role or user. */
  roles: Readonly<Record<string, Role>>;
  shopId: string;
}

const assumedRole = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/;
const roleWithPath = /^(arn:aws[a-z-]*:iam::\d{12}:role\/)(?:.+\/)?([^/]+)$/;

/**
 * The identity behind an ARN. An assumed role's is its role's, whatever the session is called. The ARN of an assumed role
 * tells no path, so a role's is left out: names of roles are unique in an account without it.
 */
const identityOf = (arn: string): string =>
  arn.replace(assumedRole, "arn:$1:iam::$2:role/$3").replace(roleWithPath, "$1$2");

/** Knows machines by the ARN that AWS vouches for; undefined for one that has no role here (AU1). */
export function knowMachines({ roles, shopId }: MachineSettings): (arn: string) => Principal | undefined {
  const known = new Map(Object.entries(roles).map(([arn, role]) => [identityOf(arn), role]));
  return (arn) => {
    const identity = identityOf(arn);
    const role = known.get(identity);
    if (role === undefined) return undefined;
    const [, name = ""] = identity.split(/:(?=role\/|user\/)/);
    // Cards remember the id and the name of who wrote them last.
    const id = name.slice(-limits.nameMaxCharacters);
    return { shopId, user: { id, name: id }, role };
  };
}
