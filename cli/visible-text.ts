/**
 * Controls but for end of line and tab, the marks that turn the reading direction around (CVE-2021-42574), separators, BOM and tag characters: what
 * a terminal would obey, or show as something else than it is.
 */
const UNSEEN = /[\p{Cc}\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/**
 * A text as it may go to a terminal: feeds are written by anyone, and a title may hold escapes that clear the screen or type for the reader. What is not to be
 * seen is written as JSON writes it (`\u001b`), so a line of JSON still says the same.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (found) =>
    found === '\n' || found === '\t'
      ? found
      : [...Array(found.length).keys()]
          .map((unit) => `\\u${found.charCodeAt(unit).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}
