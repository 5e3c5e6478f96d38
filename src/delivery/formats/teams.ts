import type { Alert } from '../../alerts/alert-schema.ts';
import { chatMessage, type Run } from './chat-message.ts';
import { cutRuns, fitLines, plainText } from './cut-runs.ts';

/**
 * Microsoft Teams' webhooks (Workflows, "When a Teams webhook request is received"): a message with one Adaptive Card, at most 28 KB.
 * Text of strangers goes into TextRuns, which know no Markdown; TextBlock and FactSet would read it. Evidence is highlighted.
 */
const MAX_TITLE = 600;
const MAX_LINE = 900;
const MAX_CARD_BYTES = 20_000;

/** The body of a post to a Teams webhook. */
export function renderTeams(alert: Alert): string {
  const message = chatMessage(alert);
  const { lines, left } = fitLines(
    message.lines.map((line) => paragraph(cutRuns(line, MAX_LINE))),
    (line) => Buffer.byteLength(JSON.stringify(line)) + 1,
    MAX_CARD_BYTES,
    200,
  );
  if (left > 0) lines.push(paragraph([{ text: `… and ${left} more` }]));
  const url = message.url;
  const body = [
    paragraph(cutRuns([{ text: message.kicker }], MAX_TITLE), { isSubtle: true }),
    paragraph(cutRuns(message.title, MAX_TITLE), { size: 'Large', weight: 'Bolder' }),
    ...lines,
    paragraph([{ text: message.footer }], { size: 'Small', isSubtle: true }),
  ];
  return JSON.stringify({
    type: 'message',
    summary: plainText(cutRuns(message.title, 200)),
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body,
          ...(url === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Read the article', url }] }),
        },
      },
    ],
  });
}

interface RunStyle {
  readonly size?: 'Small' | 'Large';
  readonly weight?: 'Bolder';
  readonly isSubtle?: boolean;
}

function paragraph(runs: readonly Run[], style: RunStyle = {}) {
  return {
    type: 'RichTextBlock',
    inlines: runs.map(({ text, marked, url }) => ({
      type: 'TextRun',
      text,
      ...style,
      ...(marked === true ? { highlight: true, weight: 'Bolder' } : {}),
      ...(url === undefined ? {} : { selectAction: { type: 'Action.OpenUrl', url } }),
    })),
  };
}
