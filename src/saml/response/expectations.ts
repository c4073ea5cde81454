// What a response is measured against. Pure.
// Everything here comes from the service provider's own records; nothing may be taken from the response itself.

/** For one connection of one workspace; the certificates and entity IDs of another connection never mix in. */
export interface ResponseExpectations {
  readonly now: Date;
  /** Entity ID of the identity provider, as its metadata gave it. */
  readonly identityProvider: string;
  /** Its pinned signing certificates, PEM. Any of them may have signed. None means refusal. */
  readonly certificates: readonly string[];
  /** Our own entity ID, which the audience must name. */
  readonly serviceProvider: string;
  /** The address at which the response arrived: Recipient and Destination must equal it letter by letter. */
  readonly acsUrl: string;
  /**
   * ID of the open request that this browser holds, looked up by the caller, who also sees to it that it is used once.
   * Undefined when there is none: the response is then unsolicited and refused.
   */
  readonly requestId: string | undefined;
  /** Attributes without which sign-in makes no sense; usually none. */
  readonly requiredAttributes?: readonly string[];
}

/** Allowance for clocks that differ, both ways. */
export const CLOCK_SKEW_SECONDS = 60;
