// Names that a workspace's address cannot have, because the site itself answers there. Pure.

const reserved = new Set(
  'api assets people teams requests settings signin sign-in sign-out link setup article dev healthz readyz metrics scim saml v1 v2 admin app apps help docs support status static public login logout signup problems events favicon robots well-known onboarding invite account billing plan new rollcall www mail'.split(
    ' ',
  ),
);

const pattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/;

/** True when the site itself answers under this name. */
export function isReservedSlug(slug: string): boolean {
  return reserved.has(slug);
}

/** Why a slug cannot be an address, as a sentence; undefined when it can. */
export function slugProblem(slug: string): string | undefined {
  if (!pattern.test(slug))
    return 'An address has two to forty small letters, digits and hyphens, and no hyphen at either end.';
  return isReservedSlug(slug) ? `The address ${slug} is used by Rollcall itself.` : undefined;
}
