import type { ForgottenRecordings } from '../../../app/agents/forget-recordings.ts';
import { forgetAgentsUser } from '../../../app/agents/forget-user.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';

/** Removes what agents remember of a user. */
export const forgetInAgents: Handler<{ user: string; yes?: boolean }> = async (
  { user, yes = false },
  cli,
) => {
  const forgotten = await forgetAgentsUser({ context: cli, user, yes });
  cli.result({
    data: forgotten,
    text: () =>
      [
        `${forgotten.turns} ${forgotten.turns === 1 ? 'turn' : 'turns'} of ${user} are removed, with their vectors, sessions and scores.`,
        forgotten.at === undefined
          ? 'No message held anything of theirs.'
          : 'Nobody can read their personal fields in any message again.',
        ...recordingLines(forgotten.recordings),
        'Backups of the database from before still hold the rows and the key.',
      ].join('\n'),
  });
  return exitStatus.done;
};

/** Says what became of recordings. Pure. */
function recordingLines(recordings: ForgottenRecordings | undefined): readonly string[] {
  if (recordings === undefined) return ['No storage runs, so nobody looked for recordings.'];
  const { removed, kept, running } = recordings;
  return [
    ...(removed.length === 0
      ? ['No recording of them alone is known.']
      : ['Recordings of them alone are removed:', ...removed.map((key) => `  ${key}`)]),
    ...(kept.length === 0
      ? []
      : [
          'These stay, because others may be heard in them, or only their names speak of this user:',
          ...kept.map((key) => `  ${key}`),
        ]),
    ...(running.length === 0
      ? []
      : [`They are being recorded now (${running.join(', ')}): stop that, and run it again.`]),
  ];
}
