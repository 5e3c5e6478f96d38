/** Types for tests of modules-state.mjs, which is plain JavaScript because it runs before anything is installed. */
interface LockFile {
  readonly packages: Readonly<Record<string, object>>;
}
export function decideInstall(
  lock: LockFile,
  installed: LockFile | null,
  needs: { readonly dev: boolean },
): { readonly install: false } | { readonly install: true; readonly reason: string };
