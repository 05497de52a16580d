// The part of STUN (RFC 8489) that finds out one's own address: a binding request and its answer.

const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;
const magicCookie = 0x2112a442;
const headerBytes = 20;
const mappedAddress = 0x0001;
const xorMappedAddress = 0x0020;
const familyIPv4 = 0x01;

/** Bytes of a transaction id (RFC 8489, section 5). */
export const transactionBytes = 12;

/** The 20 bytes of a binding request without attributes. */
export function encodeRequest(transaction: Uint8Array): Buffer {
  const message = Buffer.alloc(headerBytes);
  message.writeUInt16BE(bindingRequest, 0);
  message.writeUInt32BE(magicCookie, 4);
  message.set(transaction.subarray(0, transactionBytes), 8);
  return message;
}

/** The IPv4 address in a success answer to this transaction; undefined if it is anything else. */
export function decodeAnswer(message: Buffer, transaction: Uint8Array): string | undefined {
  if (message.length < headerBytes || message.readUInt16BE(0) !== bindingSuccess) return undefined;
  if (message.readUInt32BE(4) !== magicCookie || !message.subarray(8, 20).equals(transaction))
    return undefined;
  let plain: string | undefined;
  let at = headerBytes;
  while (at + 4 <= message.length) {
    const type = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 2);
    const value = message.subarray(at + 4, at + 4 + length);
    if (value.length === 8 && value[1] === familyIPv4) {
      const address = value.readUInt32BE(4);
      if (type === xorMappedAddress) return dotted((address ^ magicCookie) >>> 0);
      if (type === mappedAddress) plain = dotted(address);
    }
    // Attributes are padded to four bytes.
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return plain;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
