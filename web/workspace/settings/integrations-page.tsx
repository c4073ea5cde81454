/* S8: the cards of what can be connected. Their order never changes. Reach: own origin. */
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Body, CardGrid, Loaded, Section, useRoute } from '../../ui/index.ts';
import { SamlCard } from '../saml/saml-card.tsx';
import { ScimCard } from '../scim/scim-card.tsx';
import { say } from '../words.ts';

/** `/settings/integrations#scim` leads to the card, also when it arrives after the page. */
function ScrollToCard() {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return null;
}

export function IntegrationsPage() {
  const integrations = useRoute(routes.integrations);
  return (
    <Body>
      <Section title={say('integrations.identity')}>
        <Loaded query={integrations}>
          {({ saml, scim }) => (
            <CardGrid>
              <SamlCard card={saml} />
              <ScimCard card={scim} idpName={saml.idpName} />
              <ScrollToCard />
            </CardGrid>
          )}
        </Loaded>
      </Section>
    </Body>
  );
}
