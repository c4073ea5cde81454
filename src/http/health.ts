// /healthz: the process lives. /readyz: it can do its work (database, migrations, queue). Neither says anything of data.

export interface HealthChecks {
  [name: string]: () => Promise<boolean>;
}

/** @returns a function that answers the two paths and leaves others alone */
export function createHealth(
  checks: HealthChecks,
  isStopping: () => boolean,
): (path: string) => Promise<Response> | undefined {
  const json = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
  async function ready(): Promise<Response> {
    if (isStopping()) return json(503, { status: 'stopping' });
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await check().catch(() => false)] as const),
    );
    const isReady = results.every(([, passed]) => passed);
    return json(isReady ? 200 : 503, {
      status: isReady ? 'ready' : 'not ready',
      checks: Object.fromEntries(results.map(([name, passed]) => [name, passed ? 'ok' : 'failed'])),
    });
  }
  return (path) => {
    if (path === '/healthz') return Promise.resolve(json(200, { status: 'alive' }));
    return path === '/readyz' ? ready() : undefined;
  };
}
