// The body of a request, read up to a limit and no further: whoever sends more costs us no more. Talks to: the network,
// through Request.

/** The bytes; undefined when there are more than `maxBytes`, announced or not. */
export async function readBounded(request: Request, maxBytes: number): Promise<Buffer | undefined> {
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > maxBytes) return undefined;
  // No more than was announced is let through by the HTTP server (RFC 9112 section 6.3): it can be taken whole.
  if (announced !== null) {
    const bytes = Buffer.from(await request.arrayBuffer());
    return bytes.byteLength > maxBytes ? undefined : bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
