// The address of a SCIM request, folded before anything is decided by it: any letter case, double and trailing slashes.
// Pure. /{workspace}/scim/v2/...
import { decodeSegment } from '../../scim/handler/routes.ts';

export interface ScimAddress {
  /** In lower case. */
  readonly workspace: string;
  /** After /scim/v2, decoded. */
  readonly segments: readonly string[];
  /** False: the path is under /scim, but not under /scim/v2. */
  readonly hasVersion: boolean;
}

/** Undefined when the path is not under /{workspace}/scim. @param pathname as it came, encoded */
export function readScimAddress(pathname: string): ScimAddress | undefined {
  const [workspace, scim, version, ...rest] = pathname.split('/').filter((part) => part !== '');
  if (workspace === undefined || scim?.toLowerCase() !== 'scim') return undefined;
  const hasVersion = version?.toLowerCase() === 'v2';
  return {
    workspace: decodeSegment(workspace).toLowerCase(),
    segments: hasVersion ? rest.map(decodeSegment) : [],
    hasVersion,
  };
}
