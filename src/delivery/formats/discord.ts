import type { Alert } from '../../alerts/alert-schema.ts';
import { chatMessage, type Run } from './chat-message.ts';
import { cutRuns, fitLines, plainText } from './cut-runs.ts';

/**
 * Discord's webhooks with one embed (discord.com/developers/docs/resources/message, "Embed Limits"): title and author 256 characters,
 * description 4,096, footer 2,048, 6,000 in all. Markdown of strangers is escaped, and no mention in it ever pings anyone.
 */
const MAX_TITLE = 256;
const MAX_AUTHOR = 256;
const MAX_DESCRIPTION = 4_096;
const MAX_LINE = 900;

/** The body of a post to a Discord webhook. */
export function renderDiscord(alert: Alert): string {
  const message = chatMessage(alert);
  const { lines, left } = fitLines(
    message.lines.map((line) => markdown(cutRuns(line, MAX_LINE))),
    (line) => line.length + 1,
    MAX_DESCRIPTION,
    30,
  );
  if (left > 0) lines.push(`… and ${left} more`);
  return JSON.stringify({
    allowed_mentions: { parse: [] },
    embeds: [
      {
        author: { name: plainText(cutRuns([{ text: message.kicker }], MAX_AUTHOR)) },
        title: cutMarkdown(message.title, MAX_TITLE),
        ...(message.url === null ? {} : { url: message.url }),
        description: lines.join('\n'),
        footer: { text: message.footer },
        timestamp: alert.timestamp,
      },
    ],
  });
}

/** Escapes can double a text's length: the longest cut whose markdown fits is taken. */
function cutMarkdown(runs: readonly Run[], maxLength: number): string {
  for (let length = maxLength; length > 0; length -= 8) {
    const text = markdown(cutRuns(runs, length));
    if (text.length <= maxLength) return text;
  }
  return '';
}

function markdown(runs: readonly Run[]): string {
  return runs
    .map(({ text, marked, url }) => {
      const escaped = escapeMarkdown(text);
      // Spaces at its ends would keep Discord from reading the stars as emphasis.
      const bold = marked === true ? escaped.replace(/^(\s*)([\s\S]*?)(\s*)$/, '$1**$2**$3') : escaped;
      return url === undefined ? bold : `[${bold}](${url.replace(/[<>()\s]/g, percentEncoded)})`;
    })
    .join('');
}

/** encodeURIComponent leaves brackets as they are, and they would end the link. */
function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Discord takes a backslash before any ASCII punctuation for the character itself; a colon and a slash too, so that no bare link is made. */
function escapeMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
