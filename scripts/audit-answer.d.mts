export function auditAnswer(stdout: string): {
  readonly outcome: 'clean' | 'weak' | 'unanswered';
  readonly words: string;
};
