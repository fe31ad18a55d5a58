// Signs one PDF again and again with @signpdf and tells the milliseconds of each round as JSON.
// node sign.js letter.pdf key.p12 passphrase rounds
const fs = require("node:fs");
const { plainAddPlaceholder } = require("@signpdf/placeholder-plain");
const { P12Signer } = require("@signpdf/signer-p12");
const { SignPdf } = require("@signpdf/signpdf");

async function main() {
  const [letter, key, passphrase, rounds] = process.argv.slice(2);
  const pdfBuffer = fs.readFileSync(letter);
  const bundle = fs.readFileSync(key);
  const signpdf = new SignPdf();
  const taken = [];
  let signed;
  for (let round = 0; round < Number(rounds); round += 1) {
    // It reads its buffer once and for all: each signature needs a signer of its own.
    const signer = new P12Signer(bundle, { passphrase });
    const begin = process.hrtime.bigint();
    const prepared = plainAddPlaceholder({
      pdfBuffer, reason: "Segel", contactInfo: "-", name: "Kelurahan Contoh", location: "Contoh",
    });
    signed = await signpdf.sign(prepared, signer);
    taken.push(Number(process.hrtime.bigint() - begin) / 1e6);
  }
  fs.writeFileSync(`${letter}.signed`, signed);
  console.log(JSON.stringify(taken));
}

main();
