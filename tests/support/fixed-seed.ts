import fc from 'fast-check';

/** Property tests try the same cases in every run, so that a change is judged by what it changes; `FC_SEED=$RANDOM npm test` looks for new ones. */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_230_816) });
