"""Pages of tables in REST: `page` and `page_size`, at most 200 rows."""

from rest_framework.pagination import PageNumberPagination


class TablePages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 200
