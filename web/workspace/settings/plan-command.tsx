/* What a plan does not have, and the command that changes the plan of this workspace. Pure. */
import { useSignedIn } from '../../ui/index.ts';
import { sayRich } from '../words.ts';

export function PlanCommand({ what }: { what: string }) {
  const { tenant } = useSignedIn();
  return (
    <>
      <p>{what}</p>
      <p>{sayRich('plan.command', { slug: tenant.slug })}</p>
    </>
  );
}
