/** What CloudFront adds to each request that it passes on to the API. */
export const originHeader = "x-origin-key";
