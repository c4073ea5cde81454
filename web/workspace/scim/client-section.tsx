/* Which client the connection is spoken to as: recognised from its requests, or pinned. Reach: own origin. */
import { Select } from '@mantine/core';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { ProblemNote, Section, useAnnounce, useWrite } from '../../ui/index.ts';
import { say } from '../words.ts';
import type { ScimDetails } from './details.ts';

const AUTO = 'auto';

export function ClientSection({ details }: { details: ScimDetails }) {
  const { client, clients } = details;
  const announce = useAnnounce();
  const pin = useWrite(routes.pinClient, ['integrations']);
  const nameOf = (id: string | null) => clients.find((each) => each.id === id)?.name;
  const recognised = client.pinned ? undefined : nameOf(client.id);
  const auto = recognised === undefined ? say('scim.client.auto') : say('scim.client.autoAs', { client: recognised });
  const chosen = client.pinned ? (client.id ?? AUTO) : AUTO;
  const choose = (value: string | null) => {
    if (value === null || value === chosen) return;
    const id = value === AUTO ? null : value;
    const done = id === null ? say('scim.client.unpinned') : say('scim.client.pinned', { client: nameOf(id) ?? id });
    pin.mutate({ body: { client: id } }, { onSuccess: () => announce(done) });
  };
  return (
    <Section title={say('scim.client')}>
      <p>{say('scim.client.what')}</p>
      <Select
        label={say('scim.client.label')}
        data={[{ value: AUTO, label: auto }, ...clients.map(({ id, name }) => ({ value: id, label: name }))]}
        value={chosen}
        onChange={choose}
        disabled={pin.isPending}
        w={320}
      />
      {pin.error === null ? null : <ProblemNote error={pin.error} />}
    </Section>
  );
}
