// Whether a public address leads here, as a sentence that says what to do when it does not. Talks to: the network.

import { isLocalhostName } from '../config.ts';

export interface Reached {
  ok: boolean;
  sentence: string;
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME|ERR_TLS/;

/** What to do about a failure to get any answer from `url`; `variable` names the address. */
export function adviceFor(url: URL, code: string, variable: string): Reached {
  const { hostname, port } = url;
  const at = `port ${port || (url.protocol === 'https:' ? 443 : 80)}`;
  if (isLocalhostName(hostname) && code === 'ECONNREFUSED')
    return { ok: true, sentence: `Nothing answers at ${url.origin}: the server is not running.` };
  const say = (sentence: string) => ({ ok: false, sentence });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return say(`The name ${hostname} leads nowhere: add it to your DNS, or correct ${variable}.`);
  if (code === 'ECONNREFUSED')
    return say(`${hostname} refuses connections on ${at}: start the reverse proxy there, or correct ${variable}.`);
  if (certificateCodes.test(code))
    return say(
      `The certificate of ${hostname} is not trusted (${code}): identity providers will not connect. Install one for this name, with its chain.`,
    );
  return say(
    `${hostname} does not answer on ${at} (${code}): open the way from here to it in the firewall, or correct ${variable}.`,
  );
}

/** What to do about an answer that is not a living Rollcall's. */
export function judge(url: URL, status: number, body: string, variable: string): Reached {
  if (status === 200 && body.includes('"alive"')) return { ok: true, sentence: `Answers at ${url.origin}.` };
  if (status === 502 || status === 503 || status === 504) {
    return {
      ok: false,
      sentence: `A proxy answers at ${url.origin} with ${status}: it does not reach Rollcall. Start Rollcall, or correct where the proxy sends to.`,
    };
  }
  const away = status >= 300 && status < 400 ? ' and leads elsewhere' : '';
  return {
    ok: false,
    sentence: `${url.origin} answers /healthz with ${status}${away}, and not as Rollcall does: let the proxy pass every path of this name on unchanged, or correct ${variable}.`,
  };
}

function codeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string; errors?: { code?: string }[] }; name?: string };
  return cause?.code ?? cause?.errors?.[0]?.code ?? name ?? 'unknown';
}

/** Every name under .localhost is this machine (RFC 6761 section 6.3), which not every system's resolver knows. */
function dialled(url: URL): string {
  return url.hostname.endsWith('.localhost') ? `${url.protocol}//127.0.0.1:${url.port || 80}` : url.origin;
}

export async function reach(origin: string, variable: string): Promise<Reached> {
  const url = new URL(origin);
  try {
    const answer = await fetch(`${dialled(url)}/healthz`, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    return judge(url, answer.status, await answer.text(), variable);
  } catch (error) {
    return adviceFor(url, codeOf(error), variable);
  }
}
