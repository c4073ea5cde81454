// xs:dateTime as SAML uses it: always UTC, always with Z (core 1.3.3). Pure.
// Date.parse alone would take "2026-11-25" or a local time; a SAML time value without Z is refused.

const SAML_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/** The instant, or undefined when `text` is not a SAML time value. */
export function readInstant(text: string | undefined): Date | undefined {
  if (text === undefined || !SAML_INSTANT.test(text)) return undefined;
  const instant = new Date(text);
  // Date reads the 31st of February as the 3rd of March; a day that does not exist is no instant.
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 19) === text.slice(0, 19);
  return exists ? instant : undefined;
}

/** Seconds are enough, and every counterpart reads them. */
export const writeInstant = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`;

export const secondsAfter = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1000);
