/** A 32-bit hash of a string's UTF-16 units: FNV-1a (Fowler, Noll, Vo), then MurmurHash3's finaliser, which spreads it over all bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/** Joins a hash to those before it, in order. */
export const chainHash = (sofar: number, next: number): number => mix(Math.imul(sofar, 0x01000193) ^ next);

function mix(hash: number): number {
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
