/** What the examples have in common, so that they tell of one person. */
export const example = {
  phone: "9876543210",
  uuid: "0b8c1a52-6d0e-4c58-8a3c-5f1d2f6f7a11",
  etag: '"0b8c1a52"',
  challengeId: "q83vEjRWeJASNFZ4kBI0VniQ",
  userId: "3q2-7wAAAAAAAAAAAAAAAAAA",
  sid: "q83vEjRWeJASNFZ4",
  accessToken: "eyJhbGciOiJFUzI1NiJ9.e30.q83vEjRWeJASNFZ4",
  refreshToken: "q83vEjRWeJASNFZ4kBI0VniQEjRWeJAS",
} as const;
