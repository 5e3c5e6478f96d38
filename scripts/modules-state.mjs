/**
 * Decides whether the installed packages are those of the lock file, by npm's own record of what it installed
 * (node_modules/.package-lock.json, written last, so that a broken install has none). No stamp of our own: a plain `npm ci` counts too.
 *
 * @param {{packages: Record<string, any>}} lock the parsed package-lock.json
 * @param {{packages: Record<string, any>} | null} installed the parsed node_modules/.package-lock.json, null when there is none
 * @param {{dev: boolean}} needs whether development packages are needed as well
 * @returns {{install: false} | {install: true, reason: string}}
 */
export function decideInstall(lock, installed, needs) {
  if (installed === null) return { install: true, reason: 'the packages are not installed' };
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '') continue;
    const present = installed.packages[path];
    if (present === undefined) {
      const mayLack = wanted.optional || wanted.devOptional || (wanted.dev && !needs.dev); // optional: another platform's
      if (!mayLack) return { install: true, reason: `${nameOf(path)} is not installed` };
    } else if (present.version !== wanted.version) {
      const reason = `${nameOf(path)} is ${present.version}, package-lock.json says ${wanted.version}`;
      return { install: true, reason };
    }
  }
  return { install: false };
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
