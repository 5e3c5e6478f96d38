/**
 * What `npm audit --json` came to. A registry that answers no audits (a mirror, no network) is no weakness, but it has to be said aloud: nothing was checked then.
 *
 * @param {string} stdout of `npm audit --json`
 * @returns {{readonly outcome: 'clean' | 'weak' | 'unanswered', readonly words: string}}
 */
export function auditAnswer(stdout) {
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return { outcome: 'unanswered', words: 'npm audit said nothing that can be read' };
  }
  const counts = report?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const why = report?.message ?? report?.error?.summary ?? 'no reason given';
    return { outcome: 'unanswered', words: `the registry answers no audits (${String(why).slice(0, 200)})` };
  }
  const [high, critical] = [counts.high ?? 0, counts.critical ?? 0];
  if (high + critical === 0)
    return { outcome: 'clean', words: `no known weakness of high weight, ${counts.total ?? 0} in all` };
  const names = Object.values(report.vulnerabilities ?? {})
    .filter((one) => one.severity === 'high' || one.severity === 'critical')
    .map((one) => one.name);
  return { outcome: 'weak', words: `${high} high and ${critical} critical: ${names.join(', ')}; run npm audit` };
}
