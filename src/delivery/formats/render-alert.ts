import type { Alert } from '../../alerts/alert-schema.ts';
import { renderDiscord } from './discord.ts';
import { renderSlack } from './slack.ts';
import { renderTeams } from './teams.ts';

export const FORMATS = ['standard', 'slack', 'discord', 'teams'] as const;
export type Format = (typeof FORMATS)[number];

/** How each format writes an alert: the bytes of a POST. `standard` is the alert itself, as its JSON Schema says. */
export const RENDERERS: Readonly<Record<Format, (alert: Alert) => string>> = {
  standard: (alert) => JSON.stringify(alert),
  slack: renderSlack,
  discord: renderDiscord,
  teams: renderTeams,
};
