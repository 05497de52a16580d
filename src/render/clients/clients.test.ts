import { expect, test } from 'vitest';
import { demoContracts } from '../../../tests/support/client-programs.ts';
import { isIntact } from '../header.ts';
import { clientFiles, clientLanguages } from './clients.ts';

const contracts = demoContracts();
const files = new Map(
  clientFiles({ contracts, languages: clientLanguages }).map(({ path, text }) => [path, text]),
);
const textOf = (path: string): string => files.get(`packages/contracts/${path}`) ?? '';

test('each language has a file for each file of contracts, with a header', () => {
  expect([...files.keys()]).toEqual([
    'packages/contracts/typescript/events/demo.ts',
    'packages/contracts/python/arc_contracts/events/demo.py',
    'packages/contracts/go/events/demo/demo.go',
  ]);
  expect([...files.values()].every(isIntact)).toBe(true);
});

test('only the languages that are wanted have files', () => {
  expect(clientFiles({ contracts, languages: ['go'] }).map(({ path }) => path)).toEqual([
    'packages/contracts/go/events/demo/demo.go',
  ]);
});

test('TypeScript has closed values, optional fields and descriptions', () => {
  expect(textOf('typescript/events/demo.ts')).toContain(`/**
 * Somebody takes a note.
 * Nobody keeps it.
 */
export type NoteTaken = {
  note_id: string;
  user_id: string;
  /** What it says. */
  text: string;
  title?: string;
  taken_at: string;
  kind?: "short" | "long";
  pages?: number;
  weight?: number;
  urgent?: boolean;
  tags?: readonly string[];
  lines?: readonly {
    said: string;
    loud?: boolean;
  }[];
  counts?: Readonly<Record<string, number>>;
};`);
});

test('a request knows the type of its answer', () => {
  expect(textOf('typescript/events/demo.ts')).toContain(
    'export const questionAsked: Contract<QuestionAsked, QuestionAnswered> = {',
  );
  expect(textOf('python/arc_contracts/events/demo.py')).toContain(
    'QUESTION_ASKED: Contract[QuestionAsked, QuestionAnswered] = Contract.of(',
  );
  expect(textOf('go/events/demo/demo.go')).toContain('"reply": "question-answered"');
});

test('Python has a TypedDict for each object, inner ones first', () => {
  const python = textOf('python/arc_contracts/events/demo.py');
  expect(python).toContain('    lines: NotRequired[list[NoteKeptLinesItem]]');
  expect(python.indexOf('class NoteKeptLinesItem(TypedDict):')).toBeLessThan(
    python.indexOf('class NoteKept(TypedDict):'),
  );
});

test('Go has pointers for scalars that may be missing', () => {
  const go = textOf('go/events/demo/demo.go');
  expect(go).toMatch(/\tUrgent +\*bool +`json:"urgent,omitzero"`/);
  expect(go).toMatch(/\tNoteId +string +`json:"note_id"`/);
  expect(go).toMatch(/\tLines +\[\]NoteTakenLinesItem +`json:"lines,omitzero"`/);
});

function goWriterOf(type: string): string {
  const [, writer = ''] = textOf('go/events/demo/demo.go').split(`func (m ${type}) WriteJSON`);
  return writer.slice(0, writer.indexOf('\n}\n'));
}

test('Go checks and writes a message field by field', () => {
  const taken = goWriterOf('NoteTaken');
  expect(taken).toContain(`	w.Raw(\`{"note_id":\`)
	w.Text(m.NoteId)
	w.Check(contracts.IsUUID(m.NoteId))
`);
  expect(taken).toContain(`	if m.Title != nil {
		w.Raw(\`"title":\`)
		w.Text(*m.Title)
		w.Check(*m.Title != "")
		w.Check(contracts.Characters(*m.Title) <= 12)
	}
`);
  expect(taken).toContain(`	if m.Kind != nil {
		w.Raw(\`"kind":\`)
		w.Text(*m.Kind)
		switch *m.Kind {
		case "short", "long":
		default:
			w.Check(false)
		}
	}
`);
  expect(taken).toContain(`		w.Raw(\`"tags":[\`)
		w.Check(len(m.Tags) <= 3)
		for i0 := range m.Tags {
			w.Text(m.Tags[i0])
			w.Check(noteTakenPatterns[0].Matches(m.Tags[i0]))
		}
		w.End(']')
`);
  expect(taken).not.toMatch(/w\.(Personal|User|Key)\(/);
});

test('Go knows personal fields, their user, and the key of Pulsar', () => {
  const kept = goWriterOf('NoteKept');
  expect(kept).toContain(
    '\tw.Text(m.UserId)\n\tw.Check(m.UserId != "")\n\tw.User(m.UserId)\n\tw.Key(m.UserId)\n',
  );
  expect(kept).toContain('w.Personal("/text", m.Text)');
  expect(kept).toContain('w.Personal("/lines/*/said", m.Lines[i0].Said, i0)');
});
