import { onScene } from './on-scene.ts';
import { say } from './say.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 150);
/** A round has some 470 edges; a start some 120. */
const ROUND_EDGES = 460;
const START_EDGES = 200;

/** Kills a worker at a random edge, and the one that takes over at a random edge of its start or of its work; every third time a third one too. */
export function doubleKills(): Promise<number> {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const random = seeded(seed);
  const nth = (edges: number) => ({ nth: 1 + Math.floor(random() * edges) });
  say(`SEED=${seed}`);
  return onScene('random double kills', async ({ step }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const third = round % 3 === 2 ? [nth(START_EDGES)] : [];
      await step([nth(ROUND_EDGES), nth(START_EDGES), ...third]);
    }
  });
}

/** mulberry32: the same seed, the same kills. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
