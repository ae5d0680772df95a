"""From a series to a calibrated answer, or to the reason why there is none.

Pure: knows neither Django nor a database. Only `network` and the GPU engine load torch;
`store`, `entry` and `errors` load the standard library only.
"""
