/** Languages written in other scripts than Latin, as far as feeds are concerned (Unicode CLDR, likely subtags). Serbian and a few more use both and are left out. */
const NON_LATIN: ReadonlySet<string> = new Set(
  'ru uk be bg mk el ar fa ur ps he yi zh ja ko hi bn ta te mr gu kn ml pa si ne th lo km my ka hy am ti ky tg mn ckb ug dv bo dz'.split(
    ' ',
  ),
);
const EITHER_SCRIPT: ReadonlySet<string> = new Set('sr kk uz az ku bs sh tk ks sd und'.split(' '));

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

/** True when a text cannot be in that language because it is in another script: software declares English for everything. */
export function contradictsScript(lang: string, text: string): boolean {
  const sample = text.slice(0, 2_000);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 10 || EITHER_SCRIPT.has(lang)) return false;
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return NON_LATIN.has(lang) ? latin > letters * 0.9 : latin < letters * 0.5;
}
