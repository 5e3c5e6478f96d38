/** An element as rss-parser's XML parser (xml2js) gives it: a string, or attributes in `$`, text in `_` and children in arrays by name. */
export type XmlNode = string | XmlElement;
export interface XmlElement {
  readonly $?: Readonly<Record<string, string>>;
  readonly _?: string;
  readonly [name: string]: XmlNode[] | Readonly<Record<string, string>> | string | undefined;
}

/** The children of that name, in order; none for a text node. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  if (node === undefined || typeof node === 'string') return [];
  const found = node[name];
  return Array.isArray(found) ? found : [];
}

export function firstOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return childrenOf(node, name)[0];
}

export function attributeOf(node: XmlNode | undefined, name: string): string | undefined {
  return typeof node === 'object' ? node.$?.[name] : undefined;
}

/** The element's own text, as it stands. */
export function rawText(node: XmlNode | undefined): string {
  if (node === undefined) return '';
  return typeof node === 'string' ? node : typeof node._ === 'string' ? node._ : '';
}

/** True for an element that has child elements. In a text field that means inline markup, whose order xml2js does not keep. */
export function hasChildElements(node: XmlNode | undefined): boolean {
  return typeof node === 'object' && Object.keys(node).some((key) => key !== '$' && key !== '_');
}

/** The first text that is not blank among the children of these names, the names in order of preference. */
export function textAmong(node: XmlNode | undefined, names: readonly string[]): string {
  for (const name of names) {
    for (const child of childrenOf(node, name)) {
      const text = rawText(child).trim();
      if (text) return text;
    }
  }
  return '';
}
