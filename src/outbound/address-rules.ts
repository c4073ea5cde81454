// Which addresses an outbound request may reach: global unicast, and what the operator allows. Pure.
// The classes of ipaddr.js decide (RFC 6890 registries); a few cloud addresses it calls unicast are refused by name.

import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** CIDR ranges the operator (never a tenant's admin) allows besides. */
  allow: readonly string[];
}

/** Azure's host agent: a public address that answers only inside the cloud. */
const refusedByName = new Set(['168.63.129.16']);

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An IPv4-mapped address is judged as the IPv4 address it stands for. */
function parse(address: string): Address | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
}

function isIn(address: Address, range: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(range);
  return network.kind() === address.kind() && (address as ipaddr.IPv4).match([network as ipaddr.IPv4, bits]);
}

/** True when a connection to this address literal is allowed. */
export function isAllowedAddress(address: string, rules: AddressRules): boolean {
  const parsed = parse(address);
  if (!parsed) return false;
  if (rules.allow.some((range) => isIn(parsed, range))) return true;
  return parsed.range() === 'unicast' && !refusedByName.has(parsed.toString());
}

/** True when the operator allows the loopback address, as the local demo does. */
export function allowsLoopback(rules: AddressRules): boolean {
  return isAllowedAddress('127.0.0.1', rules);
}
