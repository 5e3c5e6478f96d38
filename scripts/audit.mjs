// Asks the registry for known weaknesses of what a production install brings. A step of `npm run verify`.
import { spawnSync } from 'node:child_process';
import { auditAnswer } from './audit-answer.mjs';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
  timeout: 60_000,
});
const { outcome, words } = auditAnswer(stdout ?? '');
process.stderr.write(
  outcome === 'unanswered' ? `verify: audit SKIPPED, nothing was checked: ${words}\n` : `verify: ${words}\n`,
);
process.exitCode = outcome === 'weak' ? 1 : 0;
