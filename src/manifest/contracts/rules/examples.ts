import { checkBody } from '../../../contracts/check-body.ts';
import type { Message } from '../../../contracts/model.ts';
import { stepsOf } from '../../../contracts/pointer.ts';
import type { Problem, SourceLocation } from '../../../core/errors.ts';
import { type Given, placeIn } from './rule.ts';

/** Examples satisfy the schema beside them. */
export function checkExamples(given: Given): readonly Problem[] {
  return given.contracts.messages.flatMap((message) =>
    message.examples.flatMap((body, index) =>
      checkBody({ schema: message.schema, body }).map(
        ({ pointer, message: text }): Problem => ({
          code: 'contract-example',
          message: `${pointer === '' ? 'The example' : pointer} ${text}.`,
          location: placeOfValue({ given, message, index, pointer }),
        }),
      ),
    ),
  );
}

function placeOfValue(options: {
  given: Given;
  message: Message;
  index: number;
  pointer: string;
}): SourceLocation {
  const { given, message, index, pointer } = options;
  const steps = stepsOf(pointer).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return placeIn(given, message, 'examples', index, ...steps);
}
