import type { Alert } from '../../alerts/alert-schema.ts';
import { type ChatMessage, chatMessage, type Run } from './chat-message.ts';
import { cutRuns, fitLines, plainText } from './cut-runs.ts';

/**
 * Slack's incoming webhooks with Block Kit (docs.slack.dev/reference/block-kit). Text of strangers goes into rich_text elements, which are
 * never parsed for markup or mentions; only the notification's fallback is mrkdwn, and escaped. Limits: 50 blocks, plain text of a header
 * 150 and of a context 3,000 characters; one rich_text block is kept under 3,000 as well.
 */
const MAX_TITLE = 600;
const MAX_LINE = 700;
const MAX_LINES_TOTAL = 2_300;
const MAX_FALLBACK = 500;

/** The body of a post to a Slack incoming webhook. */
export function renderSlack(alert: Alert): string {
  const message = chatMessage(alert);
  const { lines, left } = fitLines(
    message.lines.map((line) => cutRuns(line, MAX_LINE)),
    (line) => plainText(line).length + 1,
    MAX_LINES_TOTAL,
    30,
  );
  if (left > 0) lines.push([{ text: `… and ${left} more` }]);
  return JSON.stringify({
    text: escapeMrkdwn(plainText(cutRuns([{ text: `${message.kicker} — ${plainText(message.title)}` }], MAX_FALLBACK))),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'context', elements: [{ type: 'plain_text', text: message.kicker, emoji: false }] },
      { type: 'rich_text', elements: [section(titleRuns(message)), ...lines.map((line) => section(newLine(line)))] },
      { type: 'context', elements: [{ type: 'plain_text', text: message.footer, emoji: false }] },
    ],
  });
}

function titleRuns({ title, url }: ChatMessage): Run[] {
  const runs = cutRuns(title, MAX_TITLE);
  return url === null ? runs : runs.map((run) => ({ ...run, url }));
}

/** Slack draws consecutive sections as one paragraph unless one begins with a line end. */
function newLine(line: readonly Run[]): Run[] {
  return [{ text: '\n' }, ...line];
}

function section(runs: readonly Run[]) {
  return { type: 'rich_text_section', elements: runs.filter(({ text }) => text !== '').map(element) };
}

function element({ text, marked, url }: Run) {
  const style = marked === true ? { style: { bold: true } } : {};
  return url === undefined ? { type: 'text', text, ...style } : { type: 'link', url, text, ...style };
}

/** Slack's own rule: these three, and nothing else, are escaped (docs.slack.dev/messaging/formatting-message-text). */
function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
