/** The primary subtag of a declared language (`en-US` → `en`, `iw` → `he`, `eng` → `en`), or `und` where it is none (BCP 47). */
export function primaryLanguage(declared: string | null | undefined): string {
  const tag = declared?.trim().replaceAll('_', '-') ?? '';
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i.test(tag)) return 'und';
  try {
    return Intl.getCanonicalLocales(tag)[0]?.split('-')[0] ?? 'und';
  } catch {
    return 'und';
  }
}
