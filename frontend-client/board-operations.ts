/** Method and path of what a board calls. */
export const boardOperations = {
  getBoard: "GET /api/admin/appointments/board",
  getChanges: "GET /api/admin/appointments/board/changes",
  moveAppointment: "POST /api/admin/appointments/{id}/move",
  undoMove: "POST /api/admin/appointments/{id}/undo",
  createTicket: "POST /api/admin/live/ticket",
} as const;
