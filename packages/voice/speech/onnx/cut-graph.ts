import { bytesField, type WireField, wireFields } from './wire.ts';

/** Field numbers of onnx.proto3, version 1.21. */
const model = { graph: 7 } as const;
const graph = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const node = { input: 1, output: 2, name: 3 } as const;
const tensorName = 8;
const valueName = 1;

type Node = { field: WireField; name: string; inputs: readonly string[]; outputs: readonly string[] };

/**
 * Cuts an ONNX model in two at one tensor, so that its first part can run once for a sentence and its second part for
 * each piece of it.
 *
 * @param options.before name of the node whose first input is the cut
 * @returns both models, and the name of the tensor between them, which is the output of `first` and an input of `second`
 * @throws RangeError where the bytes are no model, or the model has no such node
 */
export function cutGraph(options: { bytes: Uint8Array; before: string }): {
  first: Uint8Array;
  second: Uint8Array;
  between: string;
} {
  const { bytes, before } = options;
  const top = [...wireFields({ bytes, from: 0, to: bytes.length })];
  const body = top.find(({ number }) => number === model.graph);
  if (body === undefined) throw new RangeError('The model has no graph.');
  const fields = [...wireFields({ bytes, from: body.from, to: body.end })];
  const nodes = fields.filter(({ number }) => number === graph.node).map((field) => readNode(bytes, field));
  const between = nodes.find(({ name }) => name === before)?.inputs[0];
  if (between === undefined) throw new RangeError(`The model has no node ${before}.`);
  const named = (number: number, key: number) =>
    fields
      .filter((field) => field.number === number)
      .map((field) => ({ field, name: textOf({ bytes, field, key }) }));
  const outputs = named(graph.output, valueName);
  const inputs = named(graph.input, valueName);
  const type = typeOfCut(between);

  const build = (wanted: { outputs: readonly string[]; stop: string | undefined }): Uint8Array => {
    const kept = reachable({ nodes, wanted: wanted.outputs, stop: wanted.stop });
    const used = new Set(kept.flatMap((each) => each.inputs));
    const parts = [
      ...kept.map(({ field }) => field),
      ...named(graph.initializer, tensorName)
        .filter(({ name }) => used.has(name))
        .map(({ field }) => field),
      ...inputs.filter(({ name }) => used.has(name)).map(({ field }) => field),
      ...outputs.filter(({ name }) => wanted.outputs.includes(name)).map(({ field }) => field),
      // The graph's own name.
      ...fields.filter(({ number }) => number === 2),
    ].map(({ start, end }) => bytes.subarray(start, end));
    const cut = bytesField(wanted.stop === undefined ? graph.output : graph.input, type);
    const rest = top.filter((field) => field !== body).map(({ start, end }) => bytes.subarray(start, end));
    return Buffer.concat([...rest, bytesField(model.graph, Buffer.concat([...parts, cut]))]);
  };
  return {
    first: build({ outputs: [between], stop: undefined }),
    second: build({ outputs: outputs.map(({ name }) => name), stop: between }),
    between,
  };
}

/** The nodes that some tensors are made by, in the model's order, without those behind the cut. */
function reachable(options: {
  nodes: readonly Node[];
  wanted: readonly string[];
  stop: string | undefined;
}): readonly Node[] {
  const { nodes, wanted, stop } = options;
  const needed = new Set(wanted);
  if (stop !== undefined) needed.delete(stop);
  // Nodes are in an order in which each comes after those that it needs.
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => needed.has(name))) return false;
    for (const name of inputs) if (name !== stop) needed.add(name);
    return true;
  });
  return kept.reverse();
}

function readNode(bytes: Uint8Array, field: WireField): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let name = '';
  for (const part of wireFields({ bytes, from: field.from, to: field.end })) {
    if (part.number === node.input) inputs.push(text(bytes, part));
    else if (part.number === node.output) outputs.push(text(bytes, part));
    else if (part.number === node.name) name = text(bytes, part);
  }
  return { field, name, inputs, outputs };
}

function textOf(options: { bytes: Uint8Array; field: WireField; key: number }): string {
  const { bytes, field, key } = options;
  for (const part of wireFields({ bytes, from: field.from, to: field.end }))
    if (part.number === key) return text(bytes, part);
  return '';
}

function text(bytes: Uint8Array, { from, end }: WireField): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('utf8');
}

/** `ValueInfoProto` of a tensor of floats; ONNX Runtime finds its shape by itself. */
function typeOfCut(name: string): Uint8Array {
  const float = Uint8Array.from([1 * 8 + 0, 1]);
  const tensor = bytesField(1, float);
  return Buffer.concat([bytesField(1, Buffer.from(name)), bytesField(2, tensor)]);
}
