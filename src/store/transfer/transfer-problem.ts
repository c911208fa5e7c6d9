/** Why a shop cannot be exported or imported: one line that says where and what. */
export class TransferProblem extends Error {
  override name = "TransferProblem";
}
