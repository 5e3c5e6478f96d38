import { expect, test } from 'vitest';
import { auditAnswer } from '../../scripts/audit-answer.mjs';

const report = (counts: object, vulnerabilities: object = {}): string =>
  JSON.stringify({
    vulnerabilities,
    metadata: { vulnerabilities: { info: 0, low: 1, moderate: 2, high: 0, critical: 0, total: 3, ...counts } },
  });

test('a weakness of high weight fails the check by name, lesser ones do not', () => {
  expect(auditAnswer(report({})).outcome).toBe('clean');
  const weak = auditAnswer(
    report(
      { high: 1, total: 4 },
      { undici: { name: 'undici', severity: 'high' }, yaml: { name: 'yaml', severity: 'low' } },
    ),
  );
  expect(weak.outcome).toBe('weak');
  expect(weak.words).toContain('undici');
  expect(weak.words).not.toContain('yaml');
});

test('a registry that answers no audits is said aloud, and is neither clean nor weak', () => {
  const refused = JSON.stringify({
    message: '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk',
    error: { summary: '', detail: '' },
  });
  expect(auditAnswer(refused)).toEqual({ outcome: 'unanswered', words: expect.stringContaining('405') });
  expect(auditAnswer('').outcome).toBe('unanswered');
  expect(auditAnswer('{}').outcome).toBe('unanswered');
});
