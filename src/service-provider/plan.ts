// What each plan unlocks, in one table: the server refuses by it, the cards explain by it. Pure.

export type Plan = 'free' | 'plus';
export type PlanFeature = 'sso';

const features: Record<PlanFeature, { plans: readonly Plan[]; sentence: string }> = {
  sso: {
    plans: ['plus'],
    sentence:
      'SAML single sign-on and SCIM are part of the Plus plan. Ask an owner of this workspace to change the plan.',
  },
};

/** What the plan lacks, as a sentence; undefined when it has the feature. */
export function missingFeature(plan: Plan, feature: PlanFeature): string | undefined {
  return features[feature].plans.includes(plan) ? undefined : features[feature].sentence;
}
